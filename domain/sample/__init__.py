"""The fictional record 架空の記録: told in chapters, through the commands themselves."""
