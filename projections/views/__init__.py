"""Every view, one file each. No view imports another."""
