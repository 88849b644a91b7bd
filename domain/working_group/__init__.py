"""Working group グループ: members and what they have taken on."""
