"""What medicines bind, how much of a target a dose occupies, and the tables that say so."""
