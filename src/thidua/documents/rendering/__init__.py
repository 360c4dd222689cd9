"""Papers as bytes: values in, .docx, .pdf, .xlsx or .png out; no records, users or requests here."""
