"""Labs: a model or a medicine, its controls, and what is drawn of it."""
