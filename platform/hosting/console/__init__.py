"""The shell that every console page extends; docs/console.md shows how an area uses it."""
