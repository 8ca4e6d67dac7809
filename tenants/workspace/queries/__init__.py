"""What each page reads, in few queries however long its lists are."""
