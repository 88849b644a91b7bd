"""Officer network 協働推進担当者: officers and their training."""
