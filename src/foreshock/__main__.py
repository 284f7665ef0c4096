"""`python -m foreshock` is the `foreshock` command; alone it starts what the environment says."""

from foreshock.app.cli.main import main
from foreshock.app.cli.start import without_command

if __name__ == "__main__":
    without_command()
    main()
