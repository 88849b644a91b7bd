"""The tables that no rebuild can make: durable ones and the log, as the migrations come to them."""
