"""委員のページ /my: a member's own meetings, papers, replies, minutes and words. Nothing of the office."""
