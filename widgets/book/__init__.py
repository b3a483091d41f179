"""The published book: the Sphinx extension and the pages that the code writes."""
