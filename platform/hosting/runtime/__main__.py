"""`python -m hosting.runtime`: the command line where no script is installed."""

from hosting.runtime.command_line import main

main()
