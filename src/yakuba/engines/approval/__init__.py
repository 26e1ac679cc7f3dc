"""Decision routes (決裁): a draft goes through steps by post and is decided by the post that the city's rules name."""
