// The frames between the studio and its JavaScript process.
