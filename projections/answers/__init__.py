"""What reads several views and judges who may see it: trails, gaps, dues, search, the public cut."""
