"""Kilo's kilo.json."""

from ccswitch_py.targets.kilo import Kilo
from tests.support.target_examples.opencode import EXAMPLE as OPENCODE

EXAMPLE = OPENCODE._replace(target=Kilo())
