# Normalisation, phase 1: type and property closure
# Section 10 of the recommendation, https://www.w3.org/TR/vocab-data-cube/#normalize-algorithm
#
# An abbreviated cube leaves out the types that its properties imply and names the component of a
# specification by qb:dimension, qb:measure or qb:attribute. This adds the types and the
# qb:componentProperty that the integrity constraints look at.

PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT {
    ?observation rdf:type qb:Observation .
} WHERE {
    [] qb:observation ?observation .
};

INSERT {
    ?observation rdf:type qb:Observation .
    ?dataset rdf:type qb:DataSet .
} WHERE {
    ?observation qb:dataSet ?dataset .
};

INSERT {
    ?slice rdf:type qb:Slice .
} WHERE {
    [] qb:slice ?slice .
};

INSERT {
    ?specification qb:componentProperty ?property .
    ?property rdf:type qb:DimensionProperty .
} WHERE {
    ?specification qb:dimension ?property .
};

INSERT {
    ?specification qb:componentProperty ?property .
    ?property rdf:type qb:MeasureProperty .
} WHERE {
    ?specification qb:measure ?property .
};

INSERT {
    ?specification qb:componentProperty ?property .
    ?property rdf:type qb:AttributeProperty .
} WHERE {
    ?specification qb:attribute ?property .
}
