"""The book's still figures: one module per chapter, one function per figure, every number computed by a model."""
