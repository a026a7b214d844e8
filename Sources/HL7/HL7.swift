// HL7
