"""LlamaIndex: its events as steps. Imported only when it is used."""
