"""`python -m sitegen` is the command `sitegen`."""

from sitegen.cli.main import program

if __name__ == "__main__":
    program()
