# Normalisation, phase 2: push down attachment levels
# Section 10 of the recommendation, https://www.w3.org/TR/vocab-data-cube/#normalize-algorithm
#
# To be run after phase 1. An abbreviated cube states a component once, on the data set or on a
# slice. This states it on every observation concerned, where the integrity constraints look for it.

PREFIX qb: <http://purl.org/linked-data/cube#>

# Components attached to the data set
INSERT {
    ?observation ?component ?value .
} WHERE {
    ?specification qb:componentProperty ?component ;
                   qb:componentAttachment qb:DataSet .
    ?dataset qb:structure [ qb:component ?specification ] ;
             ?component ?value .
    ?observation qb:dataSet ?dataset .
};

# Components attached to slices
INSERT {
    ?observation ?component ?value .
} WHERE {
    ?specification qb:componentProperty ?component ;
                   qb:componentAttachment qb:Slice .
    ?dataset qb:structure [ qb:component ?specification ] ;
             qb:slice ?slice .
    ?slice ?component ?value ;
           qb:observation ?observation .
};

# Dimensions that slices fix
INSERT {
    ?observation ?component ?value .
} WHERE {
    ?specification qb:componentProperty ?component .
    ?component a qb:DimensionProperty .
    ?dataset qb:structure [ qb:component ?specification ] ;
             qb:slice ?slice .
    ?slice ?component ?value ;
           qb:observation ?observation .
}
