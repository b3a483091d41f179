"""The built book and JupyterLab in a real browser."""
