package wiring

// system is what other computers are told that this one runs.
const system = "Linux"
