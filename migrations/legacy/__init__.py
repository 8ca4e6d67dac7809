"""Old sites moved in: read, judged, brought over, proved, and undone where need be."""
