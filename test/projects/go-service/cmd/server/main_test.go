package main

this is no Go
