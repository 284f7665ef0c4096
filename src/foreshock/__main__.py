"""`python -m foreshock` is the `foreshock` command."""

from foreshock.app.cli.main import main

if __name__ == "__main__":
    main()
