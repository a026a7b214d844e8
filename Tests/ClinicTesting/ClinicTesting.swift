// ClinicTesting
