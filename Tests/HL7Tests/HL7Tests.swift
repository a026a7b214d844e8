// The tests mirror the sources, one file each.
