"""The register of dogs (犬の登録原簿) and their vaccinations against rabies, under 狂犬病予防法."""
