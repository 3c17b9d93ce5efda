"""`python -m ooapi_toets` is the command `ooapi-toets`."""

from ooapi_toets.cli import main

main()
