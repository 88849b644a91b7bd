"""案件 /desk/matters: one matter on one page, five strips, and the city's answer as one act."""
