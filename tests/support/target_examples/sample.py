"""The small target of the tests."""

from tests.support.sample_target import SampleTool
from tests.support.target_examples import Example

EXAMPLE = Example(
    SampleTool(),
    (
        "",
        "# mine\nlanguage = 'de'   # odd\n\n[[providers]]\nid = \"other\"\nbase_url = 'https://other.example'\n",
        'a = 1\r\n[[providers]]\r\nid = "other"\r\n\r\n[ui]\r\ncolours = [ 1,2 ]\r\n',
        '[[providers]]\nid = "ccswitch"\nbase_url = "https://mine.example"\n# kept\n[x]\ny = {z=1}',
    ),
    "a = 1\nb = [1,\n",
    2,
)
