"""Lighthouse over the built book, with packages of its own: `make lighthouse`."""
