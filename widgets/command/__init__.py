"""The command `living-synapse`: read the book, run its notebooks, check models and questions; no make needed."""
