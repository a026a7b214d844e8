// Drops
