"""What the city puts over the sites of its tenants for a time: banners, and days of mourning."""
