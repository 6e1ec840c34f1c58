package disk

// notInElements are the characters that would end or change a path element: a backslash leads on, a colon names a hidden stream.
const notInElements = "\x00\\:"
