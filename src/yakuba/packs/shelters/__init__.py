"""Evacuation sites per hazard (指定緊急避難場所) and shelters (指定避難所): one facility may be both, either, or neither any more."""
