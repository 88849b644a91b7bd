"""Council 市民会議: its rules, its members, its chair."""
