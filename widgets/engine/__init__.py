"""From a model's text to equations, runs and populations: reads Antimony, writes Python, JavaScript, LaTeX and SBML."""
