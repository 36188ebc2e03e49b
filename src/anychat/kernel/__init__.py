"""Everything that knows IPython, ipykernel and comm."""
