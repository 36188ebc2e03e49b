"""LangChain: its runs as steps. Imported only when it is used."""
