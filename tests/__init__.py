"""The tests, in layers; see CONTRIBUTING.md."""
