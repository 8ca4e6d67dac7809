"""The sample municipality, 云溪市: fictional places, real laws."""
