"""What every screen of the office stands on: frame, acts, drafts, refusals, the meetings that lie ahead."""
