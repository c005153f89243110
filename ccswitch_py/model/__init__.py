"""The words of ccswitch as types; pure, without files, network or screen."""
