"""Every view, imported once: after ``import projections.views``, VIEWS is complete."""
