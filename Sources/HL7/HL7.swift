// HL7 v2 messages in their pipe-and-hat encoding (ER7): bytes to located fields, and back.
//
// `FrameReader` cuts a file into envelopes and messages. `Message` is an offset table over one message's bytes.
// `MessageWriter` and `Acknowledgment` build messages. Numbers count from 1 everywhere, as HL7 itself counts.
