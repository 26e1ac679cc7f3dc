"""Street lights, road lights and mirrors (防犯灯・道路照明・カーブミラー): one ledger, told apart by their kind."""
