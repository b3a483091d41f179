"""Check-yourself questions: their texts and the widget that asks them."""
