"""The signed record of all that was ever done to a site's tree."""
